import { chromium } from '@playwright/test';
const base=process.env.BASE??'http://127.0.0.1:4100';
const [w,theme,...paths]=process.argv.slice(2);
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu','--disable-background-networking','--disable-component-update','--disable-sync','--no-first-run']});
const c=await b.newContext({viewport:{width:+w,height:w>600?950:844},colorScheme:theme});
const p=await c.newPage(); p.on('pageerror',e=>console.log('ERR',e.message));
await p.goto(base+'/sign-in'); await p.waitForTimeout(3000);
await p.getByLabel(/e-?mail/i).fill('a@example.com'); await p.getByLabel(/password/i).first().fill('correct-horse-battery'); await p.getByRole('button',{name:/sign in/i}).click(); await p.waitForURL(u=>!u.pathname.includes('sign-in'),{timeout:30000});
let i=0; for(const x of paths){ await p.goto(base+x); await p.waitForTimeout(+(process.env.WAIT??5000)); await p.screenshot({path:`/tmp/shot-${w}-${theme}-${i++}.png`,fullPage:!!process.env.FULL}); console.log(p.url(), await p.title());}
await b.close();
